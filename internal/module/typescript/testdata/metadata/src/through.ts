import { D } from './decorate.js';
import { Color, Id, Options, Outline, Preset, Renamed, Round, Service, Shape } from './barrel.js';

export type Wrapped = Renamed;

@D()
export class Through {
  constructor(a: Service, b: Options, c: Color, d: Id, e: Outline, f: Round, g: Shape, h: Renamed, i: Preset, j: Wrapped) {}
}

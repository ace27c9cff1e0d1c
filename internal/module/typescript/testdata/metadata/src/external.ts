import { D } from './decorate.js';
import main, { Callback, Edge, inner, Label, Mode, Model, Name, Names, Round, Shape, Size } from 'models';
import * as models from 'models';
import { Real, Unreal } from 'plain';

@D()
export class External {
  constructor(a: Model, b: Shape, c: Size, d: Label, e: Name, f: Names, g: Callback, h: Edge, i: Mode, j: Round, k: inner.Deep, l: inner.Flat) {}
  @D() a(a: models.Model, b: models.Shape, c: models.Size, d: typeof main, e: Model<string> | null): Promise<Shape> { return null!; }
  @D() b: Shape;
  @D() c: Model;
}

export class Untyped {
  @D() a(a: Real) { return new Real(); }
}

export interface Options { verbose: boolean; }
export class Service { run() {} }
export type Id = string;
export type Handler = (id: Id) => void;
export enum Color { Red, Green }
export enum Level { Low = 'low', High = 'high' }
export enum Mixed { A = 1, B = 'b' }
export const enum Fixed { One = 1 }
export const enum FixedText { One = '1' }
export abstract class Base { abstract go(): void; }
export class Box<T> { constructor(readonly value: T) {} }
export type Pair = [string, number];
export type Flags = Record<string, boolean>;
export type MaybeText = string | null;
export type Either = Service | Box<number>;
export type OnlyTrue = true;
export type Nothing = undefined;
export namespace space { export class Inside {} export interface Face {} export type Word = string; }
export default class Fallback {}

import { Outline } from 'shapes';
export declare class Model<T = unknown> { value: T; }
export interface Shape { area: number; }
export declare enum Size { Small = 1, Large = 2 }
export declare enum Label { A = 'a' }
export type Name = string;
export type Names = string[];
export type Callback = (name: Name) => void;
export type Edge = Outline['edge'];
export type Mode = Outline['mode'];
export declare function make(): void;
export declare namespace inner { class Deep {} interface Flat {} }
declare const main: Model;
export default main;
export * from 'shapes';

export interface Outline { edge: number; mode: 'a' | 'b'; }
export declare class Round {}

// native:web/message
export function portNew(): number;
export function portSend(id: number): void;
export function portRef(id: number, ref: boolean): void;
export function portClose(id: number): void;

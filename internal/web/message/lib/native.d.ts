// native:web/message. An End is an opaque reference to one end of a channel, a Parcel one to a message; a Message is what came out of one.
type End = object;
type Parcel = object;
type Message = number | [packet: number, ...hosts: [specifier: string, name: string, state: any][]];
export function channelNew(): [End, End];
export function endOpen(end: End): number;
export function endReceiving(end: End, on: boolean): void;
export function endHold(end: End, ref: boolean): void;
export function endSend(end: End, message: number | Parcel): void;
export function endReceive(end: End, delivering: boolean): Message | null | undefined;
export function endLength(end: End): number;
export function endClose(end: End): void;
export function endFaces(end: End, other: End): boolean;
export function broadcastJoin(name: string): End;
export function broadcastSend(end: End, message: number | Parcel): void;
export function messageNew(packet: number, names: string[]): Parcel;
export function messagePut(parcel: Parcel, n: number, state: number | Parcel | End): void;
export function messageOpen(parcel: Parcel): Message;

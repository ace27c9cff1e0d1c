// What a primary and its workers say to each other: messages with a number, so that an answer finds who asked. The wire is Node's:
// {cmd: 'NODE_CLUSTER', seq, act | ack, ...}.

const CLUSTER = 'NODE_CLUSTER';

export type Answer = (message: any, handle: any) => void;

interface PostOptions {
  /** Goes with the message. */
  handle?: any;
  /** Gets the answer; undefined when the channel ends before it comes. */
  answer?: Answer;
  /** Told once whether the other process has the handle. */
  settled?: (received: boolean) => void;
}

/** One side of the conversation with target: a ChildProcess, or the process. */
export class Correspondence {
  #target: any;
  #sent = 0;
  #asked = new Map<number, { message: any; answer: Answer }>();

  constructor(target: any, onmessage: Answer) {
    this.#target = target;
    target.on('internalMessage', (message: any, handle: any) => {
      if (message.cmd !== CLUSTER) return;
      const answer = this.#asked.get(message.ack)?.answer;
      if (answer === undefined) {
        onmessage(message, handle);
      } else {
        this.#asked.delete(message.ack);
        answer(message, handle);
      }
    });
    target.on('disconnect', () => {
      const asked = [...this.#asked.values()];
      this.#asked.clear();
      for (const { answer } of asked) answer(undefined, undefined);
    });
  }

  /** The other side is another one than it was: it hears once more what it has not answered. */
  repeat(): void {
    for (const [seq, { message }] of this.#asked) this.#target.send({ cmd: CLUSTER, ...message, seq }, undefined, { swallowErrors: true });
  }

  /** @returns false, and nothing is sent, when the channel is closed */
  post(message: any, { handle, answer, settled }: PostOptions = {}): boolean {
    if (!this.#target.connected) return false;
    const seq = this.#sent++;
    if (answer !== undefined) this.#asked.set(seq, { message, answer });
    this.#target.send({ cmd: CLUSTER, ...message, seq }, handle, { swallowErrors: true, settled });
    return true;
  }
}

// The number by which Go reports signals.
import { signalHandle } from 'native:process';
import { adopt } from 'internal:handle';

export function adoptSignals(target: any): number {
  const id = signalHandle();
  adopt(id, target, 'SIGNALWRAP');
  return id;
}

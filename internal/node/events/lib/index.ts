// What other builtins import of events.
export {
  EventEmitter, once, on, getEventListeners, getMaxListeners, setMaxListeners, listenerCount, ownListenerCount, addAbortListener,
  kShapeMode, kCapture, kErrorMonitor, kRejection, kFirstEventParam, kWatermarkData, kEnhanceStackBeforeInspector,
} from 'internal:events/emitter';
export {
  EventTarget, NodeEventTarget, Event, CustomEvent, ErrorEvent, CloseEvent, isEventTarget, isNodeEventTarget, defineEventHandler, initEventTarget, initNodeEventTarget,
  kEventTarget, kNewListener, kRemoveListener, kCreateEvent, kHybridDispatch, kTrustEvent, kWeakHandler, kResistStopPropagation,
  kMaxEventTargetListeners, kMaxEventTargetListenersWarned,
} from 'internal:events/target';
export { AbortController, AbortSignal, aborted, createAbortSignal } from 'internal:events/abort';

// util.types: what kind of built-in object a value is, whatever its prototype says.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utiltypes

export {
  isAnyArrayBuffer, isArgumentsObject, isArrayBuffer, isAsyncFunction, isBigIntObject, isBooleanObject, isBoxedPrimitive, isDataView,
  isDate, isExternal, isGeneratorFunction, isGeneratorObject, isMap, isMapIterator, isModuleNamespaceObject, isNativeError, isNumberObject,
  isPromise, isProxy, isRegExp, isSet, isSetIterator, isSharedArrayBuffer, isStringObject, isSymbolObject, isWeakMap, isWeakSet,
} from 'native:engine';

const { isView } = ArrayBuffer;
const typedArrayTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;
const tagOf: (value: unknown) => string | undefined = Function.prototype.call.bind(typedArrayTag) as any;

/** A TypedArray or a DataView. */
export function isArrayBufferView(value: unknown): value is ArrayBufferView {
  return isView(value);
}
export function isTypedArray(value: unknown): boolean {
  return tagOf(value) !== undefined;
}
export function isUint8Array(value: unknown): value is Uint8Array {
  return tagOf(value) === 'Uint8Array';
}
export function isUint8ClampedArray(value: unknown): value is Uint8ClampedArray {
  return tagOf(value) === 'Uint8ClampedArray';
}
export function isUint16Array(value: unknown): value is Uint16Array {
  return tagOf(value) === 'Uint16Array';
}
export function isUint32Array(value: unknown): value is Uint32Array {
  return tagOf(value) === 'Uint32Array';
}
export function isInt8Array(value: unknown): value is Int8Array {
  return tagOf(value) === 'Int8Array';
}
export function isInt16Array(value: unknown): value is Int16Array {
  return tagOf(value) === 'Int16Array';
}
export function isInt32Array(value: unknown): value is Int32Array {
  return tagOf(value) === 'Int32Array';
}
export function isFloat16Array(value: unknown): boolean {
  return tagOf(value) === 'Float16Array';
}
export function isFloat32Array(value: unknown): value is Float32Array {
  return tagOf(value) === 'Float32Array';
}
export function isFloat64Array(value: unknown): value is Float64Array {
  return tagOf(value) === 'Float64Array';
}
export function isBigInt64Array(value: unknown): value is BigInt64Array {
  return tagOf(value) === 'BigInt64Array';
}
export function isBigUint64Array(value: unknown): value is BigUint64Array {
  return tagOf(value) === 'BigUint64Array';
}

// Keys are classes written in JavaScript: each marks its instances by a registered predicate, so that nothing here loads node:crypto.
type Predicate = (value: unknown) => boolean;
let cryptoKey: Predicate = () => false;
let keyObject: Predicate = () => false;

/** Called by the crypto builtins when their classes are defined. */
export function setKeyPredicates(isCryptoKeyOf: Predicate, isKeyObjectOf: Predicate): void {
  cryptoKey = isCryptoKeyOf;
  keyObject = isKeyObjectOf;
}
export function isCryptoKey(value: unknown): boolean {
  return cryptoKey(value);
}
export function isKeyObject(value: unknown): boolean {
  return keyObject(value);
}

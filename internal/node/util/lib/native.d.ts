/** Every system error: number, name, message, number, name, message, ... */
export function systemErrors(): (number | string)[];

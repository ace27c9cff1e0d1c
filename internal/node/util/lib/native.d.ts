/** Every system error: number, name, message, number, name, message, ... */
export function systemErrors(): (number | string)[];
/** The assignments of a .env file: name, value, name, value, ... */
export function dotenv(text: string): string[];

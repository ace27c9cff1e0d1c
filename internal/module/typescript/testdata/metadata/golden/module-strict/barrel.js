export * from './a.js';
export { default as Preset } from './a.js';
export * from 'shapes';
export { Model as Renamed } from 'models';

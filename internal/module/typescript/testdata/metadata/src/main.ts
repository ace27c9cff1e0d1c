import './b.js';
import './left.js';
import './local.js';
import './external.js';
import './through.js';
import './globals.js';

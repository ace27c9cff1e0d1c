"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
require("./b.js");
require("./left.js");
require("./local.js");
require("./external.js");
require("./through.js");
require("./globals.js");

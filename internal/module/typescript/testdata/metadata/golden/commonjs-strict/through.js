"use strict";
var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.Through = void 0;
const decorate_js_1 = require("./decorate.js");
const barrel_js_1 = require("./barrel.js");
let Through = class Through {
    constructor(a, b, c, d, e, f, g, h, i, j) { }
};
exports.Through = Through;
exports.Through = Through = __decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:paramtypes", [barrel_js_1.Service, Object, Number, String, Object, barrel_js_1.Round, Object, barrel_js_1.Renamed, barrel_js_1.Preset, Object])
], Through);

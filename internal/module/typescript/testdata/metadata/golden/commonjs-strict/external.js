"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
var _a;
Object.defineProperty(exports, "__esModule", { value: true });
exports.Untyped = exports.External = void 0;
const decorate_js_1 = require("./decorate.js");
const models_1 = require("models");
const models = __importStar(require("models"));
const plain_1 = require("plain");
let External = class External {
    constructor(a, b, c, d, e, f, g, h, i, j, k, l) { }
    a(a, b, c, d, e) { return null; }
    b;
    c;
};
exports.External = External;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [models.Model, Object, Number, Object, Object]),
    __metadata("design:returntype", Promise)
], External.prototype, "a", null);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Object)
], External.prototype, "b", void 0);
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", models_1.Model)
], External.prototype, "c", void 0);
exports.External = External = __decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:paramtypes", [models_1.Model, Object, Number, String, String, Array, Function, Number, String, models_1.Round, models_1.inner.Deep, Object])
], External);
class Untyped {
    a(a) { return new plain_1.Real(); }
}
exports.Untyped = Untyped;
__decorate([
    (0, decorate_js_1.D)(),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [typeof (_a = typeof plain_1.Real !== "undefined" && plain_1.Real) === "function" ? _a : Object]),
    __metadata("design:returntype", void 0)
], Untyped.prototype, "a", null);

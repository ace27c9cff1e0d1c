"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.space = exports.Box = exports.Base = exports.Mixed = exports.Level = exports.Color = exports.Service = void 0;
class Service {
    run() { }
}
exports.Service = Service;
var Color;
(function (Color) {
    Color[Color["Red"] = 0] = "Red";
    Color[Color["Green"] = 1] = "Green";
})(Color || (exports.Color = Color = {}));
var Level;
(function (Level) {
    Level["Low"] = "low";
    Level["High"] = "high";
})(Level || (exports.Level = Level = {}));
var Mixed;
(function (Mixed) {
    Mixed[Mixed["A"] = 1] = "A";
    Mixed["B"] = "b";
})(Mixed || (exports.Mixed = Mixed = {}));
class Base {
}
exports.Base = Base;
class Box {
    value;
    constructor(value) {
        this.value = value;
    }
}
exports.Box = Box;
var space;
(function (space) {
    class Inside {
    }
    space.Inside = Inside;
})(space || (exports.space = space = {}));
class Fallback {
}
exports.default = Fallback;

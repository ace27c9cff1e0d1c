exports.Round = class Round {};

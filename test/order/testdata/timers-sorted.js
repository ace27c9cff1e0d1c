// By the time at which they are due, and by creation within one duration.
setTimeout(() => console.log('30 a'), 30);
setTimeout(() => console.log('10 a'), 10);
setTimeout(() => console.log('20'), 20);
setTimeout(() => console.log('10 b'), 10);
setTimeout(() => console.log('30 b'), 30);
setTimeout(() => console.log('1'), 1);
setTimeout(() => console.log('0'), 0);
setTimeout(() => console.log('none'));

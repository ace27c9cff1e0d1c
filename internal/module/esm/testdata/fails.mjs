// Expect-exit: 1
throw new Error('this module always throws');

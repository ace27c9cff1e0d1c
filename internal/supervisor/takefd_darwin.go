package supervisor

func takeListener(int, query) int { return -1 }

"""What a client of a server sees over a real socket: facts only, without a judgement and without a cmdlet."""

return FolioRuntime.Race.RaceCommand.Run(args, Console.Out, Console.Error);

using FolioRuntime.Exploration;

return ExploreCommand.Run(args, Console.Out, Console.Error);

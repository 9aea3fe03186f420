using FolioRuntime.Caching;

return CacheCommand.Run(args, Console.Out, Console.Error);

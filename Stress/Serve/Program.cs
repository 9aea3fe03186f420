using FolioRuntime.Serve;

return ServeCommand.Run(args, Console.Out, Console.Error);

using FolioRuntime.Scale;

return ScaleCommand.Run(args, Console.Out, Console.Error);

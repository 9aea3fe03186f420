using FolioRuntime.Report;

return ReportCommand.Run(args, Console.Out, Console.Error);

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

// Exit codes: 0 benchmarks were run, 1 one of them failed, 2 there was nothing to run.
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.WithOptions(ConfigOptions.JoinSummary)).ToList();
if (args.Contains("--list") || args.Contains("--help"))
    return 0;
var reports = summaries.SelectMany(summary => summary.Reports).ToList();
if (reports.Count == 0 || summaries.Any(summary => summary.HasCriticalValidationErrors))
    return 2;
return reports.All(report => report.Success) ? 0 : 1;

using System.Text.RegularExpressions;

namespace FolioRuntime.Report;

/// <summary>Figures with their units, three digits each, for pages and plots.</summary>
internal static partial class Figures
{
    public const double Mebibyte = 1 << 20;

    /// <summary>A number a second.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        >= 1e9 => $"{Digits(perSecond / 1e9)} G",
        >= 1e6 => $"{Digits(perSecond / 1e6)} M",
        >= 1e3 => $"{Digits(perSecond / 1e3)} k",
        _ => Digits(perSecond),
    };

    /// <summary>A duration.</summary>
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        >= 1e9 => $"{Digits(nanoseconds / 1e9)} s",
        >= 1e6 => $"{Digits(nanoseconds / 1e6)} ms",
        >= 1e3 => $"{Digits(nanoseconds / 1e3)} µs",
        _ => $"{Digits(nanoseconds)} ns",
    };

    /// <summary>So many times as much.</summary>
    public static string Times(double ratio) => $"{Digits(ratio)}×";

    /// <summary>A part as per cent, one digit after the point below ten.</summary>
    public static string Part(double part) => part < 0.0995 ? $"{part * 100:0.0} %" : $"{part * 100:0} %";

    public static string Mebibytes(long bytes) => Digits(bytes / Mebibyte);

    public static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    /// <summary>The same without zeros at the end, for round values.</summary>
    public static Func<double, string> Tick(Func<double, string> format) => value => Zeros().Replace(format(value), "");

    public static string Digits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => $"{value:0}",
        >= 9.995 => $"{value:0.0}",
        >= 0.00995 or 0 => $"{value:0.00}",
        _ => $"{value:0.####}",
    };

    [GeneratedRegex(@"\.0+(?!\d)|(?<=\.\d)0(?!\d)")]
    private static partial Regex Zeros();
}

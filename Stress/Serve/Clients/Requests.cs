using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FolioRuntime.Harness;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve.Clients;

/// <summary>Single requests; each returns how many bytes of its answer were wrong or missing.</summary>
internal static class Requests
{
    private const int PieceBytes = 16 * 1024;

    public static async Task<long> EchoAsync(HttpClient client, ulong seed, int lengthBytes, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy, Content = new PatternContent(seed, lengthBytes) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        return await CompareAsync(response, seed, lengthBytes, stop);
    }

    public static async Task<long> DownloadAsync(HttpClient client, ulong seed, long lengthBytes, CancellationToken stop)
    {
        using var response = await client.GetAsync($"/download?seed={seed}&length={lengthBytes}", HttpCompletionOption.ResponseHeadersRead, stop);
        return await CompareAsync(response, seed, lengthBytes, stop);
    }

    /// <param name="client">The connections.</param>
    /// <param name="path">Where to; the server compares and answers how many bytes came and how many were wrong.</param>
    /// <param name="seed">Of the body.</param>
    /// <param name="lengthBytes">Of the body.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<long> UploadAsync(HttpClient client, string path, ulong seed, long lengthBytes, CancellationToken stop)
    {
        using var content = new PatternContent(seed, lengthBytes);
        using var response = await client.PostAsync($"{path}?seed={seed}&length={lengthBytes}", content, stop);
        response.EnsureSuccessStatusCode();
        var answer = (await response.Content.ReadAsStringAsync(stop)).Split(' ');
        if (answer.Length != 2 || !long.TryParse(answer[0], CultureInfo.InvariantCulture, out var came) || !long.TryParse(answer[1], CultureInfo.InvariantCulture, out var wrong))
            return lengthBytes;
        return wrong + Math.Abs(lengthBytes - came);
    }

    public static async Task<long> JsonAsync(HttpClient client, ulong seed, CancellationToken stop)
    {
        using var response = await client.GetAsync($"/json?seed={seed}", HttpCompletionOption.ResponseContentRead, stop);
        response.EnsureSuccessStatusCode();
        var actual = await response.Content.ReadAsByteArrayAsync(stop);
        var expected = JsonSerializer.SerializeToUtf8Bytes(JsonAnswer.Of(seed), ServerJson.Default.JsonAnswer);
        return Wrong(expected, actual);
    }

    private static long Wrong(byte[] expected, byte[] actual)
    {
        var wrong = Math.Abs(expected.LongLength - actual.LongLength);
        for (var i = 0; i < Math.Min(expected.Length, actual.Length); i++)
            wrong += expected[i] == actual[i] ? 0 : 1;
        return wrong;
    }

    private static async Task<long> CompareAsync(HttpResponseMessage response, ulong seed, long lengthBytes, CancellationToken stop)
    {
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var wrong = 0L;
            var at = 0L;
            int count;
            while ((count = await stream.ReadAsync(piece, stop)) > 0)
            {
                wrong += Pattern.CountWrong(seed, at, piece.AsSpan(0, count));
                at += count;
            }

            return wrong + Math.Abs(lengthBytes - at);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}

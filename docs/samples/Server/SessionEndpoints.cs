using System.Text;
using FolioRuntime.Slabs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.ObjectPool;

namespace Sample;

/// <summary>
/// Sessions are named by their handles. A client may send any number: one that names no open session is refused, also when the memory serves another session by now.
/// That makes a handle safe to take from outside, not secret: a real server would hand out something that can't be guessed, and keep the handle beside it.
/// </summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions", Open);
        routes.MapPost("/sessions/{id}/visits", Visit);
        routes.MapDelete("/sessions/{id}", Close);
    }

    private static Results<Ok<ulong>, StatusCodeHttpResult> Open(SlabCache<Session> sessions)
    {
        // Being full is an answer here, and not an exception.
        if (!sessions.TryRent(out var handle))
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        sessions.ValueOf(handle) = default;
        return TypedResults.Ok(handle.ToUInt64());
    }

    private static Results<ContentHttpResult, NotFound> Visit(ulong id, SlabCache<Session> sessions, ObjectPool<StringBuilder> texts)
    {
        if (!sessions.TryGet(new SlabHandle<Session>(id), out var session))
            return TypedResults.NotFound();

        // While the reference is held the session stays, whoever closes it meanwhile.
        int visits;
        using (session)
            visits = Interlocked.Increment(ref session.Value.Visits);

        var text = texts.Get();
        try
        {
            return TypedResults.Text(text.Append("visit ").Append(visits).ToString());
        }
        finally
        {
            texts.Return(text);
        }
    }

    private static Results<NoContent, NotFound> Close(ulong id, SlabCache<Session> sessions) =>
        sessions.TryReturn(new SlabHandle<Session>(id)) ? TypedResults.NoContent() : TypedResults.NotFound();
}

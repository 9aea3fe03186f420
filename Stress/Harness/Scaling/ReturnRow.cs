namespace FolioRuntime.Harness.Scaling;

/// <summary>What became of memory that was filled with objects of one size and returned in one way.</summary>
/// <param name="Way">How it went back: trim, or by itself.</param>
/// <param name="SizeBytes">Bytes of an object.</param>
/// <param name="FilledBytes">Bytes of all objects.</param>
/// <param name="MetadataPercent">Resident beside the objects while all were out, of the bytes filled.</param>
/// <param name="LeftAfterTrimPercent">Left resident after a trim, of the bytes filled; null where it went back by itself.</param>
/// <param name="LeftByItselfPercent">Left resident when nobody asked for anything; null where it was trimmed.</param>
/// <param name="Course">Resident memory all along, in at most some 200 points, each phase's first among them.</param>
public sealed record ReturnRow(
    string Way, int SizeBytes, long FilledBytes, double MetadataPercent, double? LeftAfterTrimPercent, double? LeftByItselfPercent, IReadOnlyList<ReturnPoint> Course);

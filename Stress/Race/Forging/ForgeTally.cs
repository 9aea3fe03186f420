namespace FolioRuntime.Race.Forging;

/// <summary>What one thread did. Written by that thread alone, summed while it runs, so sums may lag a little.</summary>
internal sealed class ForgeTally
{
    public long Attempts;
    public long RightlyAccepted;
    public long WronglyAccepted;

    /// <summary>Objects rented by owners meanwhile.</summary>
    public long Rented;

    public void Count(Answer answer)
    {
        Attempts++;
        if (answer == Answer.Rightly)
            RightlyAccepted++;
        else if (answer == Answer.Wrongly)
            WronglyAccepted++;
    }
}

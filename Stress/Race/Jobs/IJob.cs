namespace FolioRuntime.Race.Jobs;

/// <summary>A part of a run: one protocol under one scenario, the files, the forged handles.</summary>
internal interface IJob
{
    /// <summary>Which scenario this job belongs to: what --scenario selects.</summary>
    string Scenario { get; }

    /// <summary>The share of the run's time it wants; time is divided by shares. 0: it ends by itself.</summary>
    double Share { get; }

    /// <summary>Runs until it is done, its time is up or it is told to stop, and puts its result into the context's report.</summary>
    void Run(JobContext context);
}

namespace ArtifactsPS.Tests.Sessions;

/// <summary>Tests that change state of the process or measure time. They run one at a time, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialCollection
{
    public const string Name = "Serial";
}

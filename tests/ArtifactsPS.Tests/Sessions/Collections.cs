namespace ArtifactsPS.Tests.Sessions;

/// <summary>Tests that change what all sessions of the process share, or measure time: one after another, at the end.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}

namespace ArtifactsPS.Core.Drafts;

/// <summary>Failure of one item of many; the others are not affected.</summary>
/// <param name="Item">The item given by the user, or a path found below it.</param>
/// <param name="Exception">The reason.</param>
public sealed record ItemFailure(object Item, Exception Exception);

namespace ArtifactsPS.Core.Reachability;

/// <summary>What a tree of pages belongs to: a version, or something else that keeps content in a store.</summary>
/// <param name="Subject">How messages name it.</param>
internal abstract record TreeOwner(string Subject);

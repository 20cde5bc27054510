namespace ArtifactsPS.Core.Storage;

/// <summary>A store that takes a round trip over a network for each call, so that a cache on this machine is worthwhile.</summary>
public interface IRemoteStore;

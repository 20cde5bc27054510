using System.Reflection;
using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>The <c>limit</c> command of this program, in a separate process.</summary>
internal sealed class LimitPeer(Workspace workspace) : Peer(workspace)
{
    private static readonly string Program = Assembly.GetExecutingAssembly().Location;

    public static Command Version => new("dotnet", Program, "--version");

    public override Command Publish() => new("dotnet", Program, "limit", Data, "--target", Store);

    public override Command? PublishAgain() => new("dotnet", Program, "limit", Data);

    public override Command? PublishChange() => null;

    public override Command Verify() => new("dotnet", Program, "limit", Store);
}

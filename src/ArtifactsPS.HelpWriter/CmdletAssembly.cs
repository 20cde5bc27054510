using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ArtifactsPS.HelpWriter;

/// <summary>Cmdlets of an assembly, imported into a runspace that stays open until disposal.</summary>
internal sealed class CmdletAssembly : IDisposable
{
    private readonly Runspace _runspace;

    private CmdletAssembly(Runspace runspace, IReadOnlyList<CmdletInfo> cmdlets)
    {
        _runspace = runspace;
        Cmdlets = cmdlets;
    }

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<CmdletInfo> Cmdlets { get; }

    public static CmdletAssembly Import(string path)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule([Path.GetFullPath(path)]);
        var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        var cmdlets = shell
            .AddCommand("Get-Command")
            .AddParameter("Module", Path.GetFileNameWithoutExtension(path))
            .AddParameter("CommandType", CommandTypes.Cmdlet)
            .Invoke<CmdletInfo>();
        return new CmdletAssembly(runspace, [.. cmdlets.OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)]);
    }

    public void Dispose() => _runspace.Dispose();
}

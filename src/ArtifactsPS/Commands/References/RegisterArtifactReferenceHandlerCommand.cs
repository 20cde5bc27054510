using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.References;

[Cmdlet(VerbsLifecycle.Register, "ArtifactReferenceHandler", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactReferenceHandler))]
public sealed class RegisterArtifactReferenceHandlerCommand : AsyncPSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Scheme { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public ScriptBlock Probe { get; set; } = null!;

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public ScriptBlock Open { get; set; } = null!;

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Scheme, Register);

    private void Register()
    {
        SessionHandlers.Current.Check(Scheme, Force);
        if (!ShouldProcess($"{Scheme}:", "Register a handler of references"))
            return;
#pragma warning disable CA1308 // A scheme is lower-case by convention.
        var scheme = Scheme.ToLowerInvariant();
#pragma warning restore CA1308
        var handler = new ArtifactReferenceHandler
        {
            Scheme = scheme,
            Probe = Probe,
            Open = Open,
        };
        SessionHandlers.Current.Add(handler, Force);
        WriteObject(handler);
    }
}

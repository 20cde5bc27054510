using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Handlers for schemes of references that a session has registered. Each runspace has its own, as it has its own functions:
/// a script block can only run where it was created.</summary>
internal sealed class SessionHandlers
{
    private static readonly ConditionalWeakTable<Runspace, SessionHandlers> Sessions = new();

    private readonly ConcurrentDictionary<string, ArtifactReferenceHandler> _handlers = new(
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Handlers of the current session. For the pipeline thread.</summary>
    public static SessionHandlers Current => Sessions.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>All handlers, sorted by scheme.</summary>
    public IReadOnlyList<ArtifactReferenceHandler> List() =>
        [.. _handlers.Values.OrderBy(handler => handler.Scheme, StringComparer.Ordinal)];

    /// <summary>Adds a handler.</summary>
    /// <param name="replaces">Whether it may replace another, or one of the module.</param>
    /// <exception cref="InvalidReferenceSchemeException">The scheme is invalid.</exception>
    /// <exception cref="ReferenceHandlerExistsException">The scheme has a handler.</exception>
    public void Add(ArtifactReferenceHandler handler, bool replaces)
    {
        Check(handler.Scheme, replaces);
        _handlers[handler.Scheme] = handler;
    }

    /// <summary>Checks that a handler can be added.</summary>
    /// <inheritdoc cref="Add"/>
    public void Check(string scheme, bool replaces)
    {
        if (!ReferenceUri.IsScheme(scheme) || scheme.Equals(Uri.UriSchemeFile, StringComparison.OrdinalIgnoreCase))
            throw new InvalidReferenceSchemeException(scheme);
        if (!replaces && IsBuiltIn(scheme))
            throw new ReferenceHandlerExistsException(scheme, "The module itself reads targets of this scheme");
        if (!replaces && _handlers.ContainsKey(scheme))
            throw new ReferenceHandlerExistsException(scheme, "This session has a handler for it");
    }

    /// <summary>Removes a handler.</summary>
    /// <exception cref="ReferenceHandlerNotFoundException">The scheme has none.</exception>
    public void Remove(string scheme)
    {
        if (!_handlers.TryRemove(scheme, out _))
            throw new ReferenceHandlerNotFoundException(scheme);
    }

    /// <summary>Finds the handler of a scheme.</summary>
    public bool TryFind(string scheme, [NotNullWhen(true)] out ArtifactReferenceHandler? handler) =>
        _handlers.TryGetValue(scheme, out handler);

    /// <summary>Creates the sources of a command, whose pipeline thread runs the script blocks.</summary>
    public ReferenceHandlers SourcesFor(IPipelineThread pipeline)
    {
        var sources = new ReferenceHandlers();
        foreach (var handler in _handlers.Values)
            sources.Register(handler.Scheme, new ScriptReferenceSource(handler, pipeline));
        return sources;
    }

    private static bool IsBuiltIn(string scheme) =>
        new ReferenceSources(new HostRules([]), new StoreAccess(), []) { Handlers = new ReferenceHandlers() }.CanRead(
            scheme + ":"
        );
}

/// <summary>The thread of a running command on which script blocks can run.</summary>
internal interface IPipelineThread
{
    /// <summary>Runs a function on the thread.</summary>
    /// <exception cref="OperationCanceledException">The command ends, or the caller is cancelled.</exception>
    Task<T> RunAsync<T>(Func<T> function, CancellationToken cancellationToken);
}

/// <summary>The text is not a scheme that a handler can have.</summary>
public sealed class InvalidReferenceSchemeException(string scheme)
    : ArtifactsException(
        $"Invalid scheme '{scheme}'. Use at least two letters, digits, '+', '-' and '.', beginning with a letter. 'file' can't be replaced.",
        scheme
    )
{
    public override string ErrorId => "InvalidReferenceScheme";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>A scheme has a handler.</summary>
/// <param name="why">Reason without a full stop.</param>
public sealed class ReferenceHandlerExistsException(string scheme, string why)
    : ArtifactsException($"The scheme '{scheme}' is taken. {why}. Use -Force to replace it in this session.", scheme)
{
    public override string ErrorId => "ReferenceHandlerExists";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

/// <summary>A scheme has no handler.</summary>
public sealed class ReferenceHandlerNotFoundException(string scheme)
    : ArtifactsException(
        $"No handler is registered for the scheme '{scheme}'. Get-ArtifactReferenceHandler lists the handlers of this session.",
        scheme
    )
{
    public override string ErrorId => "ReferenceHandlerNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Content.Compression;

/// <summary>A native library beside this assembly, in the folders that packages use: <c>runtimes/win-x64/native/</c>. It stays
/// loaded until the process ends. It is loaded by its path, so that libraries of the same name in the process don't matter.
/// </summary>
internal sealed class NativeLibraryFile
{
    private readonly nint _handle;

    private NativeLibraryFile(nint handle) => _handle = handle;

    /// <summary>Loads a library.</summary>
    /// <param name="name">File name without its ending.</param>
    /// <returns>Null if there is none for this system, or the system refuses to load it: another C library, for example.</returns>
    public static NativeLibraryFile? TryLoad(string name)
    {
        if (System is not var (system, ending))
            return null;
        var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var file = Path.Combine(ModuleFolder.PathOf("runtimes"), $"{system}-{processor}", "native", name + ending);
        return File.Exists(file) && TryLoadFile(file, out var handle) ? new NativeLibraryFile(handle) : null;
    }

    /// <summary>Address of a function.</summary>
    /// <exception cref="EntryPointNotFoundException">The library has no such function.</exception>
    public nint Find(string function) =>
        TryFind(_handle, function, out var address) ? address : throw new EntryPointNotFoundException(function);

    private static (string System, string Ending)? System =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? ("win", ".dll")
        : RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? ("linux", ".so")
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? ("osx", ".dylib")
        : null;

#if NET
    private static bool TryLoadFile(string file, out nint handle) => NativeLibrary.TryLoad(file, out handle);

    private static bool TryFind(nint library, string function, out nint address) =>
        NativeLibrary.TryGetExport(library, function, out address);
#else
    // .NET Framework has no functions for native libraries. Later runtimes use the other build of this assembly.
    private static bool TryLoadFile(string file, out nint handle)
    {
        handle = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? LoadLibraryW(file) : 0;
        return handle != 0;
    }

    private static bool TryFind(nint library, string function, out nint address)
    {
        address = GetProcAddress(library, function);
        return address != 0;
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern nint LoadLibraryW(string file);

    [DllImport("kernel32", CharSet = CharSet.Ansi, ExactSpelling = true)]
    private static extern nint GetProcAddress(nint library, string function);
#endif
}

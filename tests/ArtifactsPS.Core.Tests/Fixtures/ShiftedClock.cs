using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Starts processes whose clock of the day is wrong. Files get the right time, from the kernel.</summary>
internal sealed class ShiftedClock : IDisposable
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <time.h>
        int clock_gettime(clockid_t id, struct timespec *t) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(id, t);
            if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) t->tv_sec += atol(getenv("CLOCK_SHIFT"));
            return result;
        }
        """;

    // LD_PRELOAD can't have a path with spaces.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clock-");

    private string Library => Path.Combine(_folder.FullName, "clock.so");

    /// <summary>Compiles the clock. Skips the test without a C compiler, or on another system than Linux.</summary>
    public static async Task<ShiftedClock> CreateAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux preloads libraries.");
        var clock = new ShiftedClock();
        var source = Path.Combine(clock._folder.FullName, "clock.c");
        await File.WriteAllTextAsync(source, Source, Token);
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", clock.Library, source, "-ldl"]);
            await compiler.WaitForExitAsync(Token);
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (Win32Exception)
        {
            clock.Dispose();
            Assert.Skip("There is no C compiler.");
        }
        return clock;
    }

    /// <summary>Program and arguments before those of a process whose clock is ahead by a time.</summary>
    public string[] Launcher(TimeSpan ahead) =>
        [
            "env",
            $"LD_PRELOAD={Library}",
            string.Create(CultureInfo.InvariantCulture, $"CLOCK_SHIFT={(long)ahead.TotalSeconds}"),
        ];

    public void Dispose() => _folder.Delete(recursive: true);
}

using System.Globalization;

namespace ArtifactsPS.Output;

/// <summary>Formats recent times relative to now, and older ones as dates.</summary>
public static class RelativeTime
{
    private const int DaysInWords = 14;

    /// <summary>Formats a local time relative to now, such as <c>5 minutes ago</c>.</summary>
    public static string Format(DateTime time) => Format(time, DateTime.Now);

    /// <summary>Formats a local time relative to another local time.</summary>
    public static string Format(DateTime time, DateTime now)
    {
        var age = now - time;
        // The clock of another machine may be slightly ahead.
        if (age < TimeSpan.FromMinutes(-1) || age >= TimeSpan.FromDays(DaysInWords))
            return time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return age.TotalMinutes < 1 ? "just now"
            : age.TotalHours < 1 ? Ago(age.Minutes, "minute")
            : age.TotalDays < 1 ? Ago(age.Hours, "hour")
            : Ago(age.Days, "day");
    }

    private static string Ago(int number, string unit) =>
        FormattableString.Invariant($"{number} {unit}{(number == 1 ? "" : "s")} ago");
}

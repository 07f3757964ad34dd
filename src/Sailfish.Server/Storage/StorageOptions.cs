using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Storage;

/// <summary><c>Sailfish:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>Writes that may wait for the writer; when full, senders are not read from. 16 to 1,000,000.</summary>
    [Range(16, 1_000_000)]
    public int QueueLength { get; set; } = 8192;

    /// <summary>Writes that go into one transaction at most. 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 512;

    /// <summary>Memory for the newest messages of rooms, so that members who come back need no disk, in MiB. 0 to 65,536; 0 keeps none.</summary>
    [Range(0, 65_536)]
    public int RecentMiB { get; set; } = 32;

    /// <summary>Days that messages are kept; 0 keeps them for ever.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; } = 365;

    /// <summary>Seconds between runs of the retention. 1 to 86,400.</summary>
    [Range(1, 86_400)]
    public int RetentionIntervalSeconds { get; set; } = 300;

    /// <summary>The most bytes that the database file may grow to, in MiB; 0 to 16,777,216, 0 is no limit.</summary>
    [Range(0, 16_777_216)]
    public int MaxSizeMiB { get; set; } = 10_240;

    /// <summary>Free space of the disk below which no message is stored, in MiB; 0 to 1,073,741,824, 0 is no limit.</summary>
    [Range(0, 1_073_741_824)]
    public int MinFreeMiB { get; set; } = 1024;

    /// <summary>Size of the WAL beyond which it is begun anew, in MiB. 1 to 65,536.</summary>
    [Range(1, 65_536)]
    public int MaxWalMiB { get; set; } = 256;
}

/// <summary>Checks <see cref="StorageOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;

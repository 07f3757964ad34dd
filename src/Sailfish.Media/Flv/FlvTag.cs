namespace Sailfish.Media.Flv;

/// <summary>A tag: what FLV files and RTMP sessions consist of (FLV 10.1 specification, section E.4.1).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Timestamp">When it is to be decoded, in milliseconds from a beginning of the publisher's choice; modulo 2^32.</param>
/// <param name="Body">
/// The bytes after the tag's header. Bodies that <see cref="FlvReader"/> and the RTMP session hand out are never empty and have
/// memory of their own, which nobody writes to any more.
/// </param>
public readonly record struct FlvTag(TagKind Kind, uint Timestamp, ReadOnlyMemory<byte> Body);

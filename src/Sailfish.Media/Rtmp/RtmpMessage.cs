namespace Sailfish.Media.Rtmp;

/// <summary>A message, put together of its chunks (RTMP 1.0, section 6.1).</summary>
/// <param name="Type">What it is.</param>
/// <param name="Timestamp">Milliseconds modulo 2^32.</param>
/// <param name="StreamId">The stream of the message, as createStream named it; 0 for the connection.</param>
/// <param name="Body">Its bytes, in an array that is nobody else's.</param>
internal readonly record struct RtmpMessage(RtmpMessageType Type, uint Timestamp, uint StreamId, byte[] Body);

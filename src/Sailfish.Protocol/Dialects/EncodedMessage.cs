namespace Sailfish.Protocol.Dialects;

/// <summary>A MESSAGE frame ready for the socket, but for the receiver's id.</summary>
/// <param name="Bytes">The whole frame, WebSocket header included.</param>
/// <param name="SlotOffset">Where the <see cref="ReceiverSlot"/> begins.</param>
public readonly record struct EncodedMessage(byte[] Bytes, int SlotOffset);

/** What is started by the case `start`: a program that has all it needs to serve IKC, and ends. */
import 'poe-kernel';
import 'poe-kernel/ikc';
